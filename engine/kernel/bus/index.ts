export { endpoint, topic } from './Bus.ts';
export type { Bus, BusRequest, Endpoint, Subscriber, Topic, Unsubscribe } from './Bus.ts';
export { InProcessBus } from './InProcessBus.ts';
export { openBus } from './openBus.ts';
export type { OpenBusOptions, OpenedBus } from './openBus.ts';
export type { RedisConnection } from './redis/RedisConnection.ts';
