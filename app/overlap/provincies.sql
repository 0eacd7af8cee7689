-- The parts of provincies that the box of a shape (RD) meets.
select code, ST_AsBinary(deel) from {provincies} where deel && %(shape)s::geometry order by code
