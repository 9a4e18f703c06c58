<?php
// Calls one operation with PHP's SoapClient, as any caller would: a job as JSON on stdin, what became of it as JSON on stdout.
$job = json_decode(stream_get_contents(STDIN), true);
$options = [
    'soap_version' => $job['version'] === '1.2' ? SOAP_1_2 : SOAP_1_1,
    'cache_wsdl' => WSDL_CACHE_NONE,
    'exceptions' => true,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
    'connection_timeout' => 10,
];
if (isset($job['basic'])) {
    [$options['login'], $options['password']] = $job['basic'];
}
try {
    $client = new SoapClient($job['wsdl'], $options);
    $result = $client->__soapCall($job['operation'], [$job['input']]);
    echo json_encode(['result' => $result]);
} catch (SoapFault $fault) {
    $problem = $fault->detail->problem ?? null;
    echo json_encode(['fault' => ['code' => $fault->faultcode, 'message' => $fault->faultstring, 'detail' => $problem]]);
}
