<?php
// The order system once more, behind PHP's own SoapServer: what it makes of our messages nobody here wrote.
// Started by php-server.ts with `php -S`; the document root holds the WSDLs and what was booked.
$dir = $_SERVER['DOCUMENT_ROOT'];
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$port = basename($path);
if ($_SERVER['REQUEST_METHOD'] === 'GET') {
    $file = $dir . '/' . (str_ends_with($port, '.xsd') ? $port : $port . '.wsdl');
    if (!is_file($file)) { http_response_code(404); exit; }
    header('Content-Type: text/xml; charset=utf-8');
    readfile($file);
    exit;
}

class Orders
{
    public static string $store;
    public static array $seen = [];

    public function Session($header): void
    {
        self::$seen['token'] = $header->token;
    }

    public function createOrder($call)
    {
        $order = $call->order;
        if ($order->number === 'BUSY') throw new SoapFault('Server', 'the books are closed for now');
        if ($order->number === 'CODE') throw new SoapFault('E42', 'a code of its own');
        $orders = $this->load();
        if (isset($orders[$order->number])) throw new SoapFault('Client', 'the number is taken', null, ['OrderFault' => ['number' => $order->number]]);
        $orders[$order->number] = $order;
        file_put_contents(self::$store, serialize($orders));
        return ['id' => count($orders), 'state' => self::$seen['token'] ?? 'booked'];
    }

    public function getOrder($call)
    {
        $orders = $this->load();
        if (!isset($orders[$call->number])) throw new SoapFault('Client', 'no such order');
        return ['order' => $orders[$call->number]];
    }

    public function orderSeen($number): void {}

    public function sum($a, $b)
    {
        return bcadd_or_float($a, $b);
    }

    public function setPrices($valid, $prices)
    {
        return ['result' => $prices, 'count' => count($prices)];
    }

    private function load(): array
    {
        return is_file(self::$store) ? unserialize(file_get_contents(self::$store)) : [];
    }
}

function bcadd_or_float($a, $b): string
{
    return number_format((float) $a + (float) $b, 2, '.', '');
}

Orders::$store = $dir . '/orders.bin';
ini_set('soap.wsdl_cache_enabled', '0');
$server = new SoapServer("$dir/$port.wsdl", ['soap_version' => $port === 'Orders12' ? SOAP_1_2 : SOAP_1_1, 'cache_wsdl' => WSDL_CACHE_NONE]);
$server->setClass(Orders::class);
$server->handle();
