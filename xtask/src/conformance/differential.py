"""The SDK against botocore: random inputs and responses of every operation of a service.

Arguments: the folders of botocore and of the packages that it needs, the program that runs the
SDK, the service's service-2.json, a seed, and how many values to make. Prints a JSON object a line: for each operation and
direction how many values were equal, and the first that was not, cut down as far as it still
differs.
"""

import base64
import datetime
import decimal
import json
import random
import subprocess
import sys

sys.path[:0] = sys.argv[1:3]

from botocore.model import ServiceModel
from botocore.parsers import ResponseParserFactory
from botocore.serialize import create_serializer
from botocore.utils import parse_timestamp

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
STRINGS = [
    '',
    'a',
    'arn:aws:cloudtrail:us-east-1:123456789012:trail/Trail',
    '"quoted\\" / \\u0041',
    ''.join(map(chr, range(0x20))) + '\x7f\x80\x9f',
    '\u2028\u2029\ufeff\ufffd',
    'ü€😀🏳️‍🌈\U0010ffff',
    '</script>&<>\'',
    'null',
    ' padded ',
]
ALPHABET = 'aZ09 _-./:\t\n"\\\x00\x1fé漢\ud7ff\ue000😀\U0010fffd'
INTEGERS = {
    'integer': [0, 1, -1, 2**31 - 1, -(2**31)],
    'long': [0, 1, -1, 2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63)],
}
FLOATS = {
    'double': [0.0, -0.0, 1.0, 0.1, 1e300, 5e-324, 1.7976931348623157e308, -1e-7, 2.0**63],
    # Such as have the same shortest digits in both precisions: botocore knows no single one.
    'float': [0.0, -0.0, 1.0, 0.1, 1234.5, 3.4028235e38, 1e-45, -1.5e-7],
}
# Seconds since 1970, whole ones and such with fractions. A response is read by botocore as a
# double, which has room for microseconds.
TIMES = ['0', '1', '-1', '0.5', '-0.25', '0.000001', '1719520832.123456', '1515531081.1234',
         '-62135596800', '253402300799', '253402300799.5']


class Generator:
    """Random values of a shape, in the neutral form: the JSON that AWS JSON has for them, with
    numbers of timestamps as decimals."""

    def __init__(self, seed, lenient=False):
        """`lenient` adds what a client has to pass over: nulls and unknown members."""
        self.random = random.Random(seed)
        self.lenient = lenient

    def structure(self, shape, depth=0):
        chance = self.random.choice([0.0, 0.2, 0.5, 0.9, 1.0])
        members = shape.members.items()
        if getattr(shape, 'is_tagged_union', False):
            members = [self.random.choice(list(members))]
            chance = 1.0
        value = {}
        for name, member in members:
            required = name in shape.required_members
            if required or (self.random.random() < chance and depth < 6):
                value[name] = self.value(member, depth + 1)
            elif self.lenient and self.random.random() < 0.1:
                value[name] = None
        if self.lenient and self.random.random() < 0.1:
            value['NotInTheModel'] = {'a': [1, {'b': None}]}
        return value

    def value(self, shape, depth):
        kind = shape.type_name
        if kind == 'structure':
            return self.structure(shape, depth)
        if kind == 'list':
            return [self.value(shape.member, depth + 1) for _ in range(self.length(shape, depth))]
        if kind == 'map':
            entries = {}
            for _ in range(self.length(shape, depth)):
                entries[self.string(shape.key)] = self.value(shape.value, depth + 1)
            return self.fill(entries, shape, depth)
        if kind in ('string', 'character'):
            return self.string(shape)
        if kind in INTEGERS:
            return self.integer(shape)
        if kind in FLOATS:
            return self.random.choice(FLOATS[kind] + ['NaN', 'Infinity', '-Infinity'])
        if kind == 'boolean':
            return self.random.random() < 0.5
        if kind == 'timestamp':
            return self.timestamp()
        if kind == 'blob':
            size = self.random.choice([0, 1, 2, 3, 100])
            return base64.b64encode(self.random.randbytes(max(size, minimum(shape)))).decode()
        raise ValueError(f'no values of type {kind} are made yet; add them to Generator.value')

    def fill(self, entries, shape, depth):
        """Keys can be the same by chance; a map must have its least length all the same."""
        number = 0
        while len(entries) < minimum(shape):
            entries[f'key{number}'.ljust(minimum(shape.key), '_')] = self.value(
                shape.value, depth + 1
            )
            number += 1
        return entries

    def length(self, shape, depth):
        least = minimum(shape)
        most = shape.metadata.get('max', least + 5)
        return min(most, least + self.random.choice([0, 0, 1, 2, 5] if depth < 5 else [0]))

    def string(self, shape):
        if shape.enum and self.random.random() < 0.9:
            return self.random.choice(shape.enum)
        least = 1 if shape.enum else minimum(shape)
        most = shape.metadata.get('max', least + 200)
        if self.random.random() < 0.5:
            text = self.random.choice(STRINGS)
        else:
            size = self.random.choice([0, 1, 7, 60])
            text = ''.join(self.random.choice(ALPHABET) for _ in range(size))
        # The limits count code points.
        return text[:most].ljust(least, 'x')

    def integer(self, shape):
        bounds = INTEGERS[shape.type_name]
        least = shape.metadata.get('min', min(bounds))
        most = shape.metadata.get('max', max(bounds))
        choices = [n for n in bounds + [least, most] if least <= n <= most]
        return self.random.choice(choices + [self.random.randint(least, most)])

    def timestamp(self):
        if self.random.random() < 0.5:
            return decimal.Decimal(self.random.choice(TIMES))
        seconds = self.random.randint(-(10**9), 4 * 10**9)
        digits = self.random.randint(0, 6)
        fraction = self.random.randrange(10**digits)
        return seconds + decimal.Decimal(fraction).scaleb(-digits)


def minimum(shape):
    return int(shape.metadata.get('min', 0))


def dump(value):
    """JSON that keeps the digits of decimals."""
    if isinstance(value, dict):
        members = (f'{json.dumps(key)}:{dump(item)}' for key, item in value.items())
        return '{' + ','.join(members) + '}'
    if isinstance(value, list):
        return '[' + ','.join(map(dump, value)) + ']'
    if isinstance(value, decimal.Decimal):
        return f'{value:f}'
    return json.dumps(value)


def load(text):
    """JSON with all numbers exact."""
    return json.loads(text, parse_float=decimal.Decimal, parse_int=decimal.Decimal)


def to_botocore(value, shape):
    """A neutral value as botocore's users pass it."""
    kind = shape.type_name
    if kind == 'structure':
        return {name: to_botocore(item, shape.members[name]) for name, item in value.items()}
    if kind == 'list':
        return [to_botocore(item, shape.member) for item in value]
    if kind == 'map':
        return {key: to_botocore(item, shape.value) for key, item in value.items()}
    if kind == 'timestamp':
        return EPOCH + datetime.timedelta(microseconds=int(value * 10**6))
    if kind == 'blob':
        return base64.b64decode(value)
    if kind in FLOATS and isinstance(value, str):
        return float(value)
    return value


def from_botocore(value, shape):
    """What botocore has parsed, in the neutral form with all numbers exact."""
    kind = shape.type_name
    if kind == 'structure':
        return {
            name: from_botocore(item, shape.members[name])
            for name, item in value.items()
            if name in shape.members
        }
    if kind == 'list':
        return [from_botocore(item, shape.member) for item in value]
    if kind == 'map':
        return {key: from_botocore(item, shape.value) for key, item in value.items()}
    if kind == 'blob':
        return base64.b64encode(value).decode()
    # NaN and the infinities are left as the strings that they are on the wire.
    if kind in FLOATS and isinstance(value, (float, int)):
        return decimal.Decimal(repr(value))
    if kind in INTEGERS:
        return decimal.Decimal(value)
    return value


def exact_timestamp(value):
    """botocore would make a datetime of it; the number is what it got from the body."""
    if isinstance(value, str):
        passed = parse_timestamp(value) - EPOCH
        return decimal.Decimal(passed // datetime.timedelta(microseconds=1)).scaleb(-6)
    return decimal.Decimal(repr(value))


class Sdk:
    """The program that runs the SDK."""

    def __init__(self, program):
        self.process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding='utf-8'
        )

    def call(self, operation, given, response):
        request = {
            'do': 'call',
            'service': 'cloudtrail',
            'operation': operation,
            'input': given,
            'endpoint_url': 'https://example.com',
            'response': {'status': 200, 'headers': [], 'body': response},
        }
        self.process.stdin.write(json.dumps(request) + '\n')
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f'the SDK ended at the request {json.dumps(request)}')
        answer = json.loads(line)
        if 'failure' in answer:
            raise Difference(f'the SDK says: {answer["failure"]}')
        return answer


class Difference(Exception):
    """How the two differ."""


class Comparison:
    def __init__(self, sdk, model):
        self.sdk = sdk
        self.model = model
        self.serializer = create_serializer(model.metadata['protocol'])
        parsers = ResponseParserFactory()
        parsers.set_parser_defaults(timestamp_parser=exact_timestamp)
        self.parser = parsers.create_parser(model.metadata['protocol'])

    def request(self, operation, value):
        shape = operation.input_shape
        params = to_botocore(value, shape) if shape else {}
        body = self.serializer.serialize_to_request(params, operation)['body']
        answer = self.sdk.call(operation.name, dump(value), '{}')
        equal(load(body), load(answer['request']['body']))

    def response(self, operation, value):
        shape = operation.output_shape
        body = dump(value)
        response = {'status_code': 200, 'headers': {}, 'body': body.encode()}
        parsed = self.parser.parse(response, shape)
        expected = from_botocore(parsed, shape) if shape else {}
        # Any valid input will do.
        given = dump(Generator(0).structure(operation.input_shape)) if operation.input_shape else '{}'
        answer = self.sdk.call(operation.name, given, body)
        if 'output' not in answer['outcome']:
            raise Difference(f'the SDK says: {answer["outcome"]}')
        equal(expected, load(answer['outcome']['output']))


def equal(botocore, sdk):
    if botocore != sdk:
        raise Difference(f'botocore: {dump(botocore)}\nSDK:      {dump(sdk)}')


def smaller(value, shape):
    """Every valid value that is this one with a member, an item or half of a text less."""
    kind = shape.type_name
    if value is None:
        return
    if kind == 'structure':
        for name in sorted(value.keys() - set(shape.required_members)):
            yield {key: item for key, item in value.items() if key != name}
        for name in sorted(value.keys() & shape.members.keys()):
            for less in smaller(value[name], shape.members[name]):
                yield {**value, name: less}
    elif kind == 'map':
        if len(value) > minimum(shape):
            for name in value:
                yield {key: item for key, item in value.items() if key != name}
        for name, item in value.items():
            for less in smaller(item, shape.value):
                yield {**value, name: less}
    elif kind == 'list':
        for index, item in enumerate(value):
            if len(value) > minimum(shape):
                yield value[:index] + value[index + 1 :]
            for less in smaller(item, shape.member):
                yield value[:index] + [less] + value[index + 1 :]
    elif kind == 'string' and len(value) > minimum(shape):
        half = max(len(value) // 2, minimum(shape))
        yield value[:half]
        yield value[len(value) - half :]


def shrink(compare, value, shape, difference):
    """The smallest value found that still differs."""
    while True:
        for less in smaller(value, shape):
            try:
                compare(less)
            except Difference as found:
                value, difference = less, found
                break
        else:
            return value, difference


def main():
    program, service, seed, count = sys.argv[3:]
    with open(service, encoding='utf-8') as file:
        model = ServiceModel(json.load(file))
    comparison = Comparison(Sdk(program), model)
    for name in model.operation_names:
        operation = model.operation_model(name)
        for direction, compare_one, shape in [
            ('request', comparison.request, operation.input_shape),
            ('response', comparison.response, operation.output_shape),
        ]:
            compare = lambda value: compare_one(operation, value)
            result = {'operation': name, 'direction': direction, 'equal': 0}
            for number in range(int(count)):
                own_seed = f'{seed}/{name}/{direction}/{number}'
                generator = Generator(own_seed, lenient=direction == 'response')
                value = generator.structure(shape) if shape else {}
                try:
                    compare(value)
                    result['equal'] += 1
                except Difference as difference:
                    if shape:
                        value, difference = shrink(compare, value, shape, difference)
                    result['difference'] = f'seed {own_seed}\n{dump(value)}\n{difference}'
                    break
            print(json.dumps(result), flush=True)


main()
