select land, gebied, drager, techniek, sum(vermogen_mw) as waarde
from object
where collection = 'installaties' and status in ('VERGUND', 'IN_AANLEG') and techniek is not null and vermogen_mw is not null
group by land, gebied, drager, techniek
