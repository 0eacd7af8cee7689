-- The parts of opgaven that a shape (RD) may meet: all within `near` metres of its box, and those of the beperkingen `far` within `reach`.
-- Which of them it really meets is measured outside the database, by the one measure that everything uses.
with vorm as (select %(shape)s::geometry as vorm)
select deel.nr, ST_AsBinary(deel.deel)
from vorm join {delen} deel on deel.deel && ST_Expand(vorm.vorm, %(near)s::double precision)
union all
select deel.nr, ST_AsBinary(deel.deel)
from vorm join {delen} deel on deel.beperking = any (%(far)s::text[])
    and deel.deel && ST_Expand(vorm.vorm, %(reach)s::double precision)
    and not deel.deel && ST_Expand(vorm.vorm, %(near)s::double precision)
order by 1
limit %(most)s::integer
