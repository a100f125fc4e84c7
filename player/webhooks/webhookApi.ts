import type { Webhook, WebhookDelivery, WebhookEventType } from '#api/contract';
import { api } from '../app/services.ts';

export interface WebhookForm {
  url: string;
  events: WebhookEventType[];
}

/** The webhooks of one course, or of the site: the same calls, at two places of the API. */
export interface WebhookApi {
  list(signal: AbortSignal): Promise<{ webhooks: Webhook[] }>;
  create(form: WebhookForm): Promise<{ secret: string }>;
  update(webhookId: string, change: Partial<WebhookForm> & { isEnabled?: boolean }): Promise<unknown>;
  remove(webhookId: string): Promise<unknown>;
  test(webhookId: string): Promise<unknown>;
  deliveries(webhookId: string, options: { after?: string; signal?: AbortSignal }): Promise<{ deliveries: WebhookDelivery[]; next: string | null }>;
  resend(webhookId: string, deliveryId: string): Promise<unknown>;
}

export function courseWebhooks(courseId: string): WebhookApi {
  const of = (webhookId: string) => ({ courseId, webhookId });
  return {
    list: (signal) => api.listCourseWebhooks({ params: { courseId } }, { signal }),
    create: (body) => api.createCourseWebhook({ params: { courseId }, body }),
    update: (webhookId, body) => api.updateCourseWebhook({ params: of(webhookId), body }),
    remove: (webhookId) => api.deleteCourseWebhook({ params: of(webhookId) }),
    test: (webhookId) => api.testCourseWebhook({ params: of(webhookId) }),
    deliveries: (webhookId, { after, signal }) => api.listCourseWebhookDeliveries({ params: of(webhookId), query: { after } }, { ...(signal && { signal }) }),
    resend: (webhookId, deliveryId) => api.resendCourseWebhookDelivery({ params: { ...of(webhookId), deliveryId } }),
  };
}

export const siteWebhooks: WebhookApi = {
  list: (signal) => api.listSiteWebhooks({}, { signal }),
  create: (body) => api.createSiteWebhook({ body }),
  update: (webhookId, body) => api.updateSiteWebhook({ params: { webhookId }, body }),
  remove: (webhookId) => api.deleteSiteWebhook({ params: { webhookId } }),
  test: (webhookId) => api.testSiteWebhook({ params: { webhookId } }),
  deliveries: (webhookId, { after, signal }) => api.listSiteWebhookDeliveries({ params: { webhookId }, query: { after } }, { ...(signal && { signal }) }),
  resend: (webhookId, deliveryId) => api.resendSiteWebhookDelivery({ params: { webhookId, deliveryId } }),
};
