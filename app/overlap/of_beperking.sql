-- The parts of opgaven of these beperkingen that the box of a shape (RD) meets.
select nr, ST_AsBinary(deel)
from {delen}
where beperking = any (%(codes)s::text[]) and deel && %(shape)s::geometry
order by nr
limit %(most)s::integer
