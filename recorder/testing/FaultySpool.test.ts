import { FaultySpool } from './FaultySpool.ts';
import { spoolConformance } from './spoolConformance.ts';

spoolConformance('A faulty spool without failures', (folder, reserveBytes) => new FaultySpool(folder, reserveBytes));
