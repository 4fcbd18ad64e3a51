/** The SDK's retries of calls, made to survive the end of their connection. */
import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { ConnectionOptions } from '@temporalio/client';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];
type NextCall = Parameters<Interceptor>[1];
type Call = ReturnType<NextCall>;

/** Not retried by the SDK, nor by us. */
const FAILED_PRECONDITION = 9;

const sdkRetries = makeGrpcRetryInterceptor(defaultGrpcRetryOptions());

/**
 * As the SDK retries. Its retries run in a bare timer, and gRPC throws when a call begins on a connection that is
 * closed: whoever closed one while a call waited for its next try lost the process to an uncaught exception. Here
 * such a call fails.
 */
export const grpcRetries: Interceptor = (options, nextCall) => {
  return sdkRetries(options, (callOptions) => {
    try {
      return nextCall(callOptions);
    } catch (error) {
      return failedCall(error instanceof Error ? error.message : String(error));
    }
  });
};

function failedCall(why: string): Call {
  const nothing = (): void => undefined;
  return {
    start: (sent, listener) => {
      // What was sent may hold the API key, and errors are logged.
      const metadata = sent.clone();
      for (const key of Object.keys(metadata.getMap())) metadata.remove(key);
      const details = `The call was not made, since the client was closed (${why}).`;
      queueMicrotask(() => {
        // The SDK's retries rely on a message before each status.
        listener?.onReceiveMessage?.(null);
        listener?.onReceiveStatus?.({ code: FAILED_PRECONDITION, details, metadata });
      });
    },
    cancelWithStatus: nothing,
    getPeer: () => '',
    sendMessageWithContext: nothing,
    sendMessage: nothing,
    startRead: nothing,
    halfClose: nothing,
    getAuthContext: () => null,
  };
}
