import { MemoryPresence } from './MemoryPresence.ts';
import { describePresenceConformance } from './testing/presenceConformance.ts';

describePresenceConformance('MemoryPresence', async () => {
  const presence = new MemoryPresence();
  return { here: presence, there: presence, cleanup: () => presence.close() };
});
