-- Which opgaven (numbers) the features or classes of these layers are, by their id.
select laag, id, nr from {opgaven} where laag = any (%(layers)s::text[])
