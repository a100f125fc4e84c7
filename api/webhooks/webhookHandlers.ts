import { CourseId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Handlers } from '../access/index.ts';
import type { courseWebhookRoutes, siteWebhookRoutes } from '../contract/index.ts';
import type { DeliveryRow } from './DeliveryStore.ts';
import type { Webhooks } from './Webhooks.ts';
import { siteScope } from './WebhookStore.ts';
import type { WebhookRow } from './WebhookStore.ts';

export function webhookHandlers({ webhooks }: { webhooks: Webhooks }): Handlers<keyof typeof courseWebhookRoutes | keyof typeof siteWebhookRoutes> {
  return { ...courseHandlers(webhooks), ...siteHandlers(webhooks) };
}

function courseHandlers(webhooks: Webhooks): Handlers<keyof typeof courseWebhookRoutes> {
  return {
    listCourseWebhooks: async ({ params }) => ({ webhooks: (await webhooks.list(params.courseId)).map(view) }),
    createCourseWebhook: async ({ params, body, caller }) => created(await webhooks.create(params.courseId, body, caller.userId)),
    updateCourseWebhook: async ({ params, body }) => view(await webhooks.update(params.courseId, params.webhookId, body)),
    deleteCourseWebhook: async ({ params }) => {
      await webhooks.remove(params.courseId, params.webhookId);
      return null;
    },
    testCourseWebhook: async ({ params }) => deliveryView(await webhooks.test(params.courseId, params.webhookId)),
    listCourseWebhookDeliveries: async ({ params, query }) => pageView(await webhooks.deliveries(params.courseId, params.webhookId, query.after)),
    resendCourseWebhookDelivery: async ({ params }) => deliveryView(await webhooks.resend(params.courseId, params)),
  };
}

function siteHandlers(webhooks: Webhooks): Handlers<keyof typeof siteWebhookRoutes> {
  return {
    listSiteWebhooks: async () => ({ webhooks: (await webhooks.list(siteScope)).map(view) }),
    createSiteWebhook: async ({ body, caller }) => created(await webhooks.create(siteScope, body, caller.userId)),
    updateSiteWebhook: async ({ params, body }) => view(await webhooks.update(siteScope, params.webhookId, body)),
    deleteSiteWebhook: async ({ params }) => {
      await webhooks.remove(siteScope, params.webhookId);
      return null;
    },
    testSiteWebhook: async ({ params }) => deliveryView(await webhooks.test(siteScope, params.webhookId)),
    listSiteWebhookDeliveries: async ({ params, query }) => pageView(await webhooks.deliveries(siteScope, params.webhookId, query.after)),
    resendSiteWebhookDelivery: async ({ params }) => deliveryView(await webhooks.resend(siteScope, params)),
  };
}

function created({ webhook, secret }: { webhook: WebhookRow; secret: string }) {
  return { webhook: view(webhook), secret };
}

function view({ _id, scope, url, events, isEnabled, disabledBecause, createdAt }: WebhookRow) {
  return { id: _id, courseId: scope === siteScope ? null : CourseId.parse(scope), url, events, isEnabled, disabledBecause, createdAt };
}

function pageView({ rows, next }: { rows: DeliveryRow[]; next: string | null }) {
  return { deliveries: rows.map(deliveryView), next };
}

function deliveryView({ _id, eventType, state, attempts, lastStatus, lastError, lastAttemptAtMs, createdAtMs, payload }: DeliveryRow) {
  return { id: _id, eventType, state, attempts, lastStatus, lastError, payload, lastAttemptAt: lastAttemptAtMs === null ? null : toInstant(lastAttemptAtMs), createdAt: toInstant(createdAtMs) };
}
