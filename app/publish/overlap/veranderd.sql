-- Which objects and opgaven are not as they were: `was` of them there were signals before, `wordt` they are there now. Opgaven of one
-- and the same table ({other_opgaven} is false) are not compared.
create temp table veranderd as
select 'object' as soort, laag, id, oud.sleutel is not null as was, nieuw.sleutel is not null as wordt
from {objecten_toen} oud full join {objecten} nieuw using (laag, id)
where oud.sleutel is distinct from nieuw.sleutel
union all
select 'opgave', laag, id, oud.vingerafdruk is not null, nieuw.vingerafdruk is not null
from (select * from {opgaven_toen} where {other_opgaven}) oud
full join (select * from {opgaven} where {other_opgaven}) nieuw using (laag, id)
where oud.vingerafdruk is distinct from nieuw.vingerafdruk;
