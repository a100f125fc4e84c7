import { systemClock } from '../Clock.ts';
import { silentLogger } from '../../testing/silentLogger.ts';
import { InProcessBus } from './InProcessBus.ts';
import { describeBusConformance } from './testing/busConformance.ts';

describeBusConformance('InProcessBus', async () => {
  const bus = new InProcessBus({ clock: systemClock, logger: silentLogger });
  return { here: bus, there: bus, cleanup: () => bus.close() };
});
