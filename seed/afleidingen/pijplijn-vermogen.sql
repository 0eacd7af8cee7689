select land, gebied, drager, techniek, max(jaar) as jaar, sum(vermogen_mw) as waarde, array_agg(distinct levering_id) as leveringen
from object
where collection = 'installaties' and status in ('VERGUND', 'IN_AANLEG') and techniek is not null and vermogen_mw is not null
group by land, gebied, drager, techniek
