// Preloaded by `npm start`: Node keeps the compiled modules, without their types, for the next start. Their folder belongs to
// this user, because whatever is written to it runs in this process.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

import { cacheFolder } from './workerPath.mjs';

enableCompileCache(join(cacheFolder(process.env), 'compiled'));
