-- The finished GeoJSON (RD) of the features of a layer that may lie within so many metres of a shape (RD), by the boxes of its parts.
select feature_rd from {table}
where rid in (
    select feature.rid
    from ST_Subdivide(%(shape)s::geometry, 128) as deel (geom)
    join {table} feature on feature.geom_rd && ST_Expand(deel.geom, %(metres)s::double precision)
)
order by rid
limit %(most)s::integer
