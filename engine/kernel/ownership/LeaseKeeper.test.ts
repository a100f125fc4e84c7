import { openSqliteDatabase } from '../database/index.ts';
import { describeLeases } from './testing/leaseConformance.ts';

describeLeases('SQLite', () => openSqliteDatabase({ path: ':memory:' }));
