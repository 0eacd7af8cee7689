select land, gebied, drager, techniek, max(jaar) as jaar, sum(vermogen_mw) as waarde, array_agg(distinct levering_id) as leveringen
from object
where collection = 'installaties' and status = 'BESTAAND' and groep in ('OPWEK', 'WARMTE') and vermogen_mw is not null
    and techniek not in ('ZON_VELD', 'ZON_DAK', 'ZON_WATER', 'WIND_LAND', 'WIND_ZEE')
group by land, gebied, drager, techniek
