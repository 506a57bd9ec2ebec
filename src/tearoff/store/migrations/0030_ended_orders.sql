-- redemption_order holds the live uses of an order; what was rolled back was found only by reading every use.
CREATE INDEX redemption_ended_order ON redemption (project_id, order_id)
    WHERE order_id IS NOT NULL AND rolled_back_at IS NOT NULL;
