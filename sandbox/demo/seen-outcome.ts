import { z } from 'zod';

/** What a reader of the outcomes needs of one; see the contract, section 4. Words are open sets: a reader may meet new ones. */
const schema = z.object({
  requestId: z.string(),
  type: z.string().nullable(),
  roomId: z.string(),
  memberAccount: z.string().nullable(),
  index: z.number().nullable(),
  status: z.string(),
  reason: z.string().nullable(),
  message: z.string(),
  decidedBy: z.string(),
  evidence: z.object({ source: z.string(), ageMs: z.number(), occupant: z.string().nullable() }).nullable(),
  attempts: z.number(),
  predicted: z.string().nullable().optional(),
  correlationId: z.string().nullable(),
});

/** An outcome as it arrives from Kafka. */
export type SeenOutcome = Readonly<z.infer<typeof schema>>;

/** Value of a record → outcome. Throws where it breaks the contract: then the demo has found a bug. */
export function readOutcome(value: Buffer): SeenOutcome {
  return schema.parse(JSON.parse(value.toString()));
}
