import { AsyncLocalStorage } from 'node:async_hooks';

interface LogContext {
  fields: Readonly<Record<string, unknown>>;
  isOpen: boolean;
}

const contexts = new AsyncLocalStorage<LogContext>();

/** The fields of the request, or of other work, that is being done; none outside of it. Every log line has them. */
export function logFields(): Readonly<Record<string, unknown>> {
  const context = contexts.getStore();
  return context?.isOpen ? context.fields : {};
}

/** Adds the fields to what is logged by `work` and by all that it starts, until the returned function is called: timers outlive a request. */
export function withLogFields(fields: Readonly<Record<string, unknown>>, work: () => void): () => void {
  const context = { fields, isOpen: true };
  contexts.run(context, work);
  return () => {
    context.isOpen = false;
  };
}
