-- Number what was made again (raw) together with what stays of the earlier version: one order, along the shapes.
create temp table nummer as
select row_number() over (order by geom_rd, jaar, beeld collate "C")::integer as rid, id, blijft
from (
    select id, geom_rd, jaar, beeld, false as blijft from raw join vorm using (laag, vorm)
    union all
    select id, geom_rd, jaar, beeld, true from {earlier} as eerder where not {asked}
) as alle;
analyze nummer;

update raw set rid = nummer.rid from nummer where nummer.id = raw.id;
