-- A shape (RD) in parts that no overlay takes long with.
select ST_AsBinary(ST_Subdivide(%(shape)s::geometry, 128))
