// one name or alias stands for two parks
MATCH (p:Park)
UNWIND [p.name] + coalesce(p.aliases, []) + coalesce(p.misprints, []) AS form
WITH form, collect(DISTINCT p.id) AS parks
WHERE size(parks) > 1
RETURN form, parks
ORDER BY form;
