select land, gebied, drager, techniek, sum(vermogen_mw) as waarde
from object
where collection = 'installaties' and status = 'BESTAAND' and groep in ('OPWEK', 'WARMTE') and vermogen_mw is not null
    and techniek not in ('ZON_VELD', 'ZON_DAK', 'ZON_WATER', 'WIND_LAND', 'WIND_ZEE')
group by land, gebied, drager, techniek
