-- The finished GeoJSON (RD) of the features of which a column has one of these values (a JSON list).
select feature_rd from {table}
where {column} in (select jsonb_array_elements_text(%(values)s::jsonb))
order by rid
