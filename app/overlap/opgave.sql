-- The opgaven with these numbers.
select nr, laag, id, naam, beperking, hardheid, gezag, hoogte_max_m, nauwkeurigheid_m, geldig_vanaf, geldig_tot, kenmerken::text, levering_id
from {opgaven}
where nr = any (%(numbers)s::integer[])
order by nr
