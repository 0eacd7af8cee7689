-- Which provincies a shape (RD) lies in.
select distinct code from {provincies} where ST_Intersects(deel, %(shape)s::geometry) order by code
