// 哪些政策是试行或草案？
// Which policies are on trial or drafts?
MATCH (p:Policy)
WHERE p.status IN ['trial', 'draft']
RETURN p.name AS policy, p.status AS status
ORDER BY status, policy;
