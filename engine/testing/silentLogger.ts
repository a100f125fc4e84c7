import { createLogger } from '../kernel/Logger.ts';

export const silentLogger = createLogger({ level: 'silent' });
