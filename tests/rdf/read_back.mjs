// Reads files of the RDF 1.2 Turtle family with n3 and prints how many quads each has and a digest of them, so that they can be compared.
//
// Usage: node read_back.mjs FORMAT PATH [FORMAT PATH …], with n3's names of formats. N3_MODULES is the folder that n3 is installed in.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire((process.env.N3_MODULES ?? process.cwd()) + '/');
const { Parser } = require('n3');

const name = (term) => {
  switch (term.termType) {
    case 'BlankNode': return '_:';
    case 'Literal': return JSON.stringify([term.value, term.language.toLowerCase(), term.datatype.value]);
    case 'Quad': return `<<( ${[term.subject, term.predicate, term.object].map(name).join(' ')} )>>`;
    case 'DefaultGraph': return '';
    default: return `<${term.value}>`;
  }
};

for (let place = 2; place + 1 < process.argv.length; place += 2) {
  const text = readFileSync(process.argv[place + 1], 'utf8');
  const quads = new Parser({ format: process.argv[place] }).parse(text);
  const lines = new Set(quads.map((q) => [q.subject, q.predicate, q.object, q.graph].map(name).join(' ')));
  const digest = createHash('sha256').update([...lines].sort().join('\n')).digest('hex');
  console.log(lines.size, digest);
}
