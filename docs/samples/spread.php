<?php
/* A discount on a whole order, shared among its lines: in minor units, to the last one. */

declare(strict_types=1);

/** Shares of $minor by $weights, which are minor units too: spread(100, [1, 1, 1]) is [33, 33, 34]. */
function spread(int $minor, array $weights): array
{
    $whole = array_sum($weights);
    $shares = [];
    $seen = $given = 0;
    foreach ($weights as $weight) {
        $seen += $weight;
        $upto = $whole > 0 ? intdiv($minor * $seen, $whole) : 0;
        $shares[] = $upto - $given;
        $given = $upto;
    }
    return $shares;
}
