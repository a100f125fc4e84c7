import { openTestDatabase } from '../../testing/openTestDatabase.ts';
import { describeLeases } from './testing/leaseConformance.ts';

describeLeases('a database', openTestDatabase);
