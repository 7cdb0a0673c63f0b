#!/usr/bin/env python3
"""Write a CSV of made-up customers with unique domains; the same for the same count and seed.

Usage: make_customers.py COUNT SEED >FILE
"""
import random
import sys

FIRST = """Alpine Amber Ångström Baltic Blue Café Cedar Citizen Contoso Delta Élan Ember Fabrikam Fjord Fourth
    Golden Harbour Île Juniper Kestrel Lakeside Litware Lucerne Margie Northern Øresund Pioneer Quartz River São
    Silver Tailspin Trey Über Värme Wide Wingtip Woodgrove Αθήνα Ωμέγα Москва Нева Ясень 北京 上海 東京 大阪""".split()
SECOND = """Adventure Analytics Bakery Books Bridge Café Capital Cargo Dental Design Energy Export Foods Garden
    Glass Health Imports Insurance Kitchen Labs Lighting Logistics Marine Media Motors Music Optics Paper Pharma
    Print Research Robotics School Software Sports Steel Textiles Toys Traders Travel Winery Works""".split()
FORM = ["AB", "AG", "BV", "Co., Ltd.", "GmbH", "Inc.", "LLC", "Ltd", "Oy", "S.A.", "SARL", "s.r.o."]
PLACE = [("DE", "", "Köln", 50667), ("US", "WA", "Redmond", 98052), ("FR", "", "Lyon", 69002),
         ("US", "NY", "New York", 10001), ("GB", "", "Leeds", 0), ("JP", "", "大阪", 0), ("GR", "", "Αθήνα", 10431),
         ("SE", "", "Malmö", 21119), ("BR", "SP", "São Paulo", 0), ("CA", "ON", "Toronto", 0)]


def write_customers(file, count: int, seed: int) -> None:
    chance = random.Random(seed)
    numbers = list(range(count))
    chance.shuffle(numbers)  # domains arrive in no order, as names do
    file.write("companyName,domain,country,state,city,postalCode\n")
    for number in numbers:
        name = f"{chance.choice(FIRST)} {chance.choice(SECOND)} {chance.randrange(1000)} {chance.choice(FORM)}"
        country, state, city, code = chance.choice(PLACE)
        postal_code = code + chance.randrange(90) if code else ""
        file.write(f'"{name}",customer-{number}.example,{country},{state},{city},{postal_code}\n')


if __name__ == "__main__":
    write_customers(sys.stdout, int(sys.argv[1]), int(sys.argv[2]))
