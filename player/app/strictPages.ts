import * as z from 'zod';

// The pages' content security policy forbids `eval`, which zod would try for speed; imported before any schema is made.
z.config({ jitless: true });
