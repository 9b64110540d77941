import {
  type ApplicationCommand,
  type ApplicationEvent,
  type ApplicationFacts,
  type ApplicationState,
  type CardServiceRefusal,
  cardApplication,
  decodeApplicationEvent,
} from '#libs/card-service';
import { CommandRunner, type StreamParts } from '../streams/command-runner';

export type ApplicationRunner = CommandRunner<ApplicationCommand, ApplicationEvent, ApplicationState, CardServiceRefusal, ApplicationFacts>;
export const applicationRunner = (parts: StreamParts): ApplicationRunner =>
  new CommandRunner({
    ...parts,
    cacheBytes: 16_000_000,
    aggregate: { decider: cardApplication, decode: decodeApplicationEvent, sizeOf: ({ steps }) => 2_000 + steps.length * 700 },
  });
