export const redemptions = {};
