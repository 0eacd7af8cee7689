select land, gebied, 'ELEKTRICITEIT' as drager, netvlak as techniek, count(*) as waarde
from object
where collection = 'stations' and coalesce(status, 'BESTAAND') = 'BESTAAND' and netvlak <> 'NETVLAK_LS'
group by land, gebied, netvlak
