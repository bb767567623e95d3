"""What is to be ordered of an item at or under its reorder point. One rule, wherever it is asked."""

# Of inventory items `i` with their products `p`. For use within a statement.
LOW = """i.reorder_point > 0
       AND i.on_hand - i.unsellable - i.reserved + i.inbound <= i.reorder_point"""

# At least the reorder quantity, and enough to come above the point again, in whole packs. Read when it is
# asked for: an item sinks further after its suggestion has opened. policy.to_order says the same.
TO_ORDER = """((greatest(i.reorder_quantity,
                     i.reorder_point - (i.on_hand - i.unsellable - i.reserved) - i.inbound + 1)
            + p.pack_size - 1) / p.pack_size * p.pack_size)"""
