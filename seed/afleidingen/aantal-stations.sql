select land, gebied, 'ELEKTRICITEIT' as drager, netvlak as techniek, max(jaar) as jaar, count(*) as waarde,
    array_agg(distinct levering_id) as leveringen
from object
where collection = 'stations' and coalesce(status, 'BESTAAND') = 'BESTAAND' and netvlak <> 'NETVLAK_LS'
group by land, gebied, netvlak
