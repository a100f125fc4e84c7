import type { OpenPersonalSource } from '../personal/PersonalSource.ts';
import { DeliveryStore } from './DeliveryStore.ts';
import { WebhookStore } from './WebhookStore.ts';

/** The webhooks that a person has made, and the messages about the person. */
export const webhookPersonalData: OpenPersonalSource = ({ database }) => {
  const [webhooks, deliveries] = [new WebhookStore(database), new DeliveryStore(database)];
  return {
    name: 'webhooks',
    collections: ['webhooks', 'webhookDeliveries'],
    rows: async ({ userId }) => [
      ...(await webhooks.madeBy(userId)).map(({ url, events, createdAt }) => ({ url, events, createdAt })),
      ...(await deliveries.about(userId)).map(({ payload }) => ({ message: JSON.parse(payload) as unknown })),
    ],
    erase: async ({ userId }) => {
      for (const { _id } of await webhooks.madeBy(userId)) {
        await webhooks.remove(_id);
        await deliveries.removeAll(_id);
      }
      await deliveries.removeAbout(userId);
    },
  };
};
