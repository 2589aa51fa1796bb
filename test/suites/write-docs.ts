/** `npm run docs`: writes the pages that are made of tables in the source. */
import { writeFileSync } from 'node:fs';
import { deadlinesPage } from './deadlines-page.ts';
import { errorsPage } from './errors-page.ts';
import { lintRulesPage } from './lint-rules-page.ts';

writeFileSync(new URL('../../docs/deadlines.md', import.meta.url), deadlinesPage());
writeFileSync(new URL('../../docs/errors.md', import.meta.url), errorsPage());
writeFileSync(new URL('../../docs/lint-rules.md', import.meta.url), lintRulesPage());
