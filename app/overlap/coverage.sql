-- The parts of the ground on which layers are known to be complete that a shape (RD) may lie on.
select laag, ST_AsBinary(deel) from {dekking} where deel && %(shape)s::geometry order by laag
