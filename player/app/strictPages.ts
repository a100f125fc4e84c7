import * as z from 'zod';

// The content security policy of the pages forbids `eval`, which zod uses by default. Import this before any schema is created.
z.config({ jitless: true });
