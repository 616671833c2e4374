<?php
/*
 * Sends one order in the Standard format, signed, and again until it is taken. PHP 7.4 does, without extensions
 * (openssl for https). In a shop: require this file and call send_order($url, $secret, $message).
 *
 *   WEBHOOK_URL=https://…/webhooks/standard/… WEBHOOK_SECRET=whsec_… php send_order.php order.json [tries]
 *
 * order.json is the whole message, {"type": "order.paid", "data": {…}}; "-" reads it from standard input. Ends with
 * 0 stored for good, 1 refused (sending it again unchanged won't help), 2 called wrongly, 3 not taken so far: try later.
 */

declare(strict_types=1);

const STORED = 0, REFUSED = 1, WRONG_USE = 2, TRY_LATER = 3;
const TRIES = 6; // waits of 1, 2, 4, 8 and 16 seconds between them
const LONGEST_WAIT = 60;

/** The id stays the same when the message is sent again; the time and with it the signature are fresh. */
function signed_headers(string $secret, string $id, string $body): array
{
    $timestamp = (string) time();
    $key = base64_decode(preg_replace('/^whsec_/', '', $secret));
    $signature = base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    return [
        'Content-Type: application/json',
        "webhook-id: $id",
        "webhook-timestamp: $timestamp",
        "webhook-signature: v1,$signature",
    ];
}

/** The status and the seconds we are asked to wait; status 0 where no answer came. */
function post(string $url, array $headers, string $body): array
{
    $request = ['method' => 'POST', 'header' => $headers, 'content' => $body, 'timeout' => 30];
    $context = stream_context_create(['http' => $request + ['ignore_errors' => true, 'follow_location' => 0]]);
    $stream = @fopen($url, 'rb', false, $context);
    if ($stream === false) {
        return [0, 0];
    }
    $answer = implode("\n", stream_get_meta_data($stream)['wrapper_data'] ?? []);
    fclose($stream);
    preg_match('~^HTTP/\S+ (\d{3})~', $answer, $status);
    preg_match('~^Retry-After: *(\d{1,6})\s*$~mi', $answer, $after);
    return [(int) ($status[1] ?? 0), (int) ($after[1] ?? 0)];
}

/** Send until it is stored, refused, or tried often enough; returns how it ended. */
function send_order(string $url, string $secret, string $body, int $tries = TRIES): int
{
    $id = 'msg_' . bin2hex(random_bytes(16));
    for ($attempt = 0; $attempt < $tries; $attempt++) {
        [$status, $wanted] = post($url, signed_headers($secret, $id, $body), $body);
        if ($status >= 200 && $status < 300) {
            return STORED;
        }
        if ($status >= 300 && $status < 500 && $status !== 408 && $status !== 429) {
            error_log("refused with $status");
            return REFUSED;
        }
        error_log('try ' . ($attempt + 1) . " of $tries: " . ($status ?: 'no answer'));
        if ($attempt + 1 < $tries) {
            sleep(min(max(2 ** $attempt, $wanted), LONGEST_WAIT));
        }
    }
    return TRY_LATER;
}

if (PHP_SAPI === 'cli' && realpath($argv[0] ?? '') === __FILE__) {
    [$url, $secret] = [(string) getenv('WEBHOOK_URL'), (string) getenv('WEBHOOK_SECRET')];
    $body = isset($argv[1]) ? @file_get_contents($argv[1] === '-' ? 'php://stdin' : $argv[1]) : false;
    if ($url === '' || $secret === '' || $body === false || !ctype_digit($argv[2] ?? (string) TRIES)) {
        fwrite(STDERR, "usage: WEBHOOK_URL=… WEBHOOK_SECRET=… php send_order.php order.json [tries]\n");
        exit(WRONG_USE);
    }
    exit(send_order($url, $secret, $body, (int) ($argv[2] ?? TRIES)));
}
