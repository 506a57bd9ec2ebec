"""The promo-code operations of the Maestra dialect: `/v3/operations/sync`, `async` and `bulk`, in JSON and XML."""
