import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.js';
import type {
  Attempt,
  DeadLetter,
  MirrorFact,
  Publication,
  RequestHistory,
  SeatRequest,
} from './generated/client.js';

/** All that is recorded of one request. */
export interface RequestStory {
  readonly request: SeatRequest;
  /** Null while the request is not settled. */
  readonly history: RequestHistory | null;
  readonly attempts: readonly Attempt[];
  readonly publication: Publication | null;
}

/** Reads for operators, through Prisma. */
export class Reader {
  private readonly prisma: PrismaClient;

  constructor(url: string) {
    this.prisma = new PrismaClient({
      adapter: new PrismaPg({ connectionString: url, application_name: 'usher cli' }),
    });
  }

  /** The stories of every request of that id: one for each application that used it. */
  async stories(requestId: string): Promise<RequestStory[]> {
    const requests = await this.prisma.seatRequest.findMany({
      where: { requestId },
      orderBy: { sdkAppId: 'asc' },
    });
    return Promise.all(requests.map((request) => this.story(request)));
  }

  /** What the mirror believes of the rooms of that id, by application. */
  room(roomId: string): Promise<MirrorFact[]> {
    return this.prisma.mirrorFact.findMany({
      where: { roomId },
      orderBy: [{ sdkAppId: 'asc' }, { subject: 'asc' }, { seatIndex: 'asc' }],
    });
  }

  /** The newest dead letters, without their values. */
  deadLetters(most: number): Promise<Omit<DeadLetter, 'key' | 'value'>[]> {
    return this.prisma.deadLetter.findMany({
      orderBy: { seenAt: 'desc' },
      take: most,
      omit: { key: true, value: true },
    });
  }

  /** One dead letter, whole; null where there is none. */
  deadLetter(kafkaTopic: string, kafkaPartition: number, kafkaOffset: bigint): Promise<DeadLetter | null> {
    return this.prisma.deadLetter.findUnique({
      where: { kafkaTopic_kafkaPartition_kafkaOffset: { kafkaTopic, kafkaPartition, kafkaOffset } },
    });
  }

  close(): Promise<void> {
    return this.prisma.$disconnect();
  }

  private async story(request: SeatRequest): Promise<RequestStory> {
    const { sdkAppId, requestId, receivedAt } = request;
    const key = { sdkAppId_requestId_receivedAt: { sdkAppId, requestId, receivedAt } };
    const [history, publication, attempts] = await Promise.all([
      this.prisma.requestHistory.findUnique({ where: key }),
      this.prisma.publication.findUnique({ where: key }),
      this.prisma.attempt.findMany({ where: { sdkAppId, requestId }, orderBy: { slotAt: 'asc' } }),
    ]);
    return { request, history, attempts, publication };
  }
}
