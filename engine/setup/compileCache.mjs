// Preloaded by `npm start`: Node keeps the modules as it has compiled them, without their types, for the next start. They are in
// a folder of this user: who can write them can run code in this process.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

import { cacheFolder } from './workerPath.mjs';

enableCompileCache(join(cacheFolder(process.env), 'compiled'));
