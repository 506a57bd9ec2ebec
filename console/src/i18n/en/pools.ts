export const pools = {
  title: "Pools",
  name: "Name",
  type: "Type",
  stateName: "State",
  createdAt: "Made",
  empty: "No pools yet",
  emptyHint: "A pool holds promo codes. Make one, then upload or generate its codes.",
  state: { draft: "Draft", launched: "Can be used", archived: "Archived" },
};
