import { spoolConformance } from '../testing/spoolConformance.ts';
import { Spool } from './Spool.ts';

spoolConformance('A folder', (folder, reserveBytes) => new Spool(folder, reserveBytes));
